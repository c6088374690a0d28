package io.smartnodes.router.rows;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The seed of an executed epoch. */
@Entity
@Table(name = "epoch_seed")
public class SeedRow {
  @Id public long epoch;

  public String seed = "";
}
