package io.smartnodes.attestation.rows;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A verdict of a member, as it is offered. */
@Entity
@Table(name = "verdict")
public class VerdictRow {
  @Id public String id = "";

  @Column(name = "receipt_hash")
  public String receiptHash = "";

  public String operator = "";

  public byte[] body = {};

  @Column(name = "arrived_at")
  public Instant arrivedAt = Instant.EPOCH;
}
