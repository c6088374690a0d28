package io.smartnodes.attestation.rows;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A receipt whose jury this home has to call. */
@Entity
@Table(name = "jury_call")
public class CallRow {
  @Id
  @Column(name = "receipt_hash")
  public String receiptHash = "";

  public byte[] body = {};

  @Column(name = "called_at")
  public Instant calledAt = Instant.EPOCH;

  public boolean done;
}
