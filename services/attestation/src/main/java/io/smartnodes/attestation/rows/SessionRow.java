package io.smartnodes.attestation.rows;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A jury that this validator is called to; the body is the call. */
@Entity
@Table(name = "jury_session")
public class SessionRow {
  @Id
  @Column(name = "receipt_hash")
  public String receiptHash = "";

  public byte[] body = {};

  /** From which the sample follows. */
  public String secret = "";

  @Column(name = "opened_at")
  public Instant openedAt = Instant.EPOCH;

  public boolean closed;
}
