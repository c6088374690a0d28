package io.smartnodes.registry;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** The newest registration of an account that we introduced. */
@Entity
@Table(name = "introduction")
public class IntroductionRow {
  /** The account. */
  @Id public byte[] account = {};

  /** Peer id of the registered key. */
  public byte[] node = {};

  /** Of the registration. */
  public long sequence;

  /** {@code hashStruct} of the registration. */
  public byte[] hash = {};

  /** When. */
  @Column(name = "introduced_at")
  public Instant introducedAt = Instant.EPOCH;

  /** For Hibernate. */
  public IntroductionRow() {}
}
