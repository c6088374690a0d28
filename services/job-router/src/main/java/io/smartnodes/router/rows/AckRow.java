package io.smartnodes.router.rows;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** An acknowledgement of this witness; kept before it is signed. */
@Entity
@Table(name = "ack")
public class AckRow {
  @Id
  @Column(name = "receipt_hash")
  public String receiptHash = "";

  public String job = "";

  public long lease;

  @Column(name = "first_unit")
  public long firstUnit;

  @Column(name = "unit_count")
  public long unitCount;

  public byte @Nullable [] signature;
}
