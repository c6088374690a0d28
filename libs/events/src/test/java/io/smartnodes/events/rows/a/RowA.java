package io.smartnodes.events.rows.a;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of unit a. */
@Entity
@Table(name = "row_a")
public class RowA {
  /** Its name. */
  @Id public String name = "";

  /** Its value. */
  public int value;

  /** For Hibernate. */
  public RowA() {}

  /** A new row. */
  public RowA(String name, int value) {
    this.name = name;
    this.value = value;
  }
}
