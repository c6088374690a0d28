package io.smartnodes.router.rows;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.job.Ack;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.UnitRange;
import io.smartnodes.protocol.job.witness.WitnessRule;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** An acknowledgement of this witness; kept before it is signed. */
@Entity
@Table(name = "ack")
public class AckRow {
  /** What is stored before it is signed. */
  public static AckRow of(Ack ack, JobReceipt receipt) {
    AckRow row = new AckRow();
    row.receiptHash = ack.receiptHash().toString();
    row.job = ack.jobId().toString();
    row.lease = ack.lease();
    row.firstUnit = receipt.first();
    row.unitCount = receipt.count();
    row.drawHeight = receipt.drawHeight();
    return row;
  }

  /** What the rule of witnesses asks of it. */
  public WitnessRule.Stamped stamped() {
    return new WitnessRule.Stamped(
        Bytes32.fromHex(receiptHash), lease, new UnitRange(firstUnit, unitCount), drawHeight);
  }

  @Id
  @Column(name = "receipt_hash")
  public String receiptHash = "";

  public String job = "";

  public long lease;

  @Column(name = "first_unit")
  public long firstUnit;

  @Column(name = "unit_count")
  public long unitCount;

  @Column(name = "draw_height")
  public long drawHeight;

  public byte @Nullable [] signature;
}
