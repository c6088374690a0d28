package io.smartnodes.events.rows.b;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of unit b. */
@Entity
@Table(name = "row_b")
public class RowB {
  /** Its name. */
  @Id public String name = "";

  /** Its value. */
  public int value;

  /** For Hibernate. */
  public RowB() {}

  /** A new row. */
  public RowB(String name, int value) {
    this.name = name;
    this.value = value;
  }
}
