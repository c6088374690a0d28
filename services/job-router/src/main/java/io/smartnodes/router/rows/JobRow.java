package io.smartnodes.router.rows;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A job of this home. */
@Entity
@Table(name = "job")
public class JobRow {
  @Id public String id = "";

  public byte[] spec = {};

  @Column(name = "user_signature")
  public byte[] userSignature = {};

  public String account = "";

  public String asset = "";

  public long nonce;

  public int state;

  public String reason = "";

  @Column(name = "hold_epoch")
  public long holdEpoch;

  @Column(name = "hold_signature")
  public byte @Nullable [] holdSignature;

  public boolean anchored;

  public long events;

  public long settled;

  public boolean done;

  @Column(name = "created_at")
  public Instant createdAt = Instant.EPOCH;
}
