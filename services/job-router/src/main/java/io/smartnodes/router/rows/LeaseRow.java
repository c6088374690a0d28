package io.smartnodes.router.rows;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A lease of a job of this home; unsigned until the signer has answered. */
@Entity
@Table(name = "lease")
public class LeaseRow {
  @Id public String id = "";

  public String job = "";

  public long number;

  public byte[] body = {};

  @Column(name = "home_signature")
  public byte @Nullable [] homeSignature;

  public int state;

  public String peer = "";

  public byte[] endpoint = {};

  @Column(name = "granted_at")
  public Instant grantedAt = Instant.EPOCH;

  @Column(name = "receipt_hash")
  public @Nullable String receiptHash;

  public byte @Nullable [] receipt;

  public byte @Nullable [] certificate;
}
