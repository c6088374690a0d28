package io.smartnodes.attestation.rows;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A certificate, one per receipt and outcome. */
@Entity
@Table(name = "certificate")
public class CertificateRow {
  @Id public String id = "";

  @Column(name = "receipt_hash")
  public String receiptHash = "";

  public String job = "";

  public int outcome;

  public byte[] body = {};

  /** Whether this validator wrote it and has to spread it. */
  @Column(name = "made_here")
  public boolean madeHere;

  @Column(name = "known_at")
  public Instant knownAt = Instant.EPOCH;
}
