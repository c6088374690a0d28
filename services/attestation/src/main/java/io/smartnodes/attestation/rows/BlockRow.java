package io.smartnodes.attestation.rows;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A block of the chain. */
@Entity
@Table(name = "block")
public class BlockRow {
  @Id public long number;

  public String hash = "";

  @Column(name = "seen_at")
  public Instant seenAt = Instant.EPOCH;

  /** Blocks up to this one were at confirmation depth then. */
  @Column(name = "confirmed_to")
  public long confirmedTo;
}
