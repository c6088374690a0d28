package io.smartnodes.ledger;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** An applied epoch; written once and never changed. */
@Entity
@Table(name = "epoch_entry")
public class EpochEntryRow {
  @Id public long epoch;

  public byte[] payload = {};

  @Column(name = "state_root")
  public String stateRoot = "";

  public String seed = "";

  public String digest = "";

  @Column(name = "entry_hash")
  public String entryHash = "";

  @Column(name = "applied_at")
  public Instant appliedAt = Instant.EPOCH;
}
