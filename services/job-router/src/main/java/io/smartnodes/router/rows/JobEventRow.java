package io.smartnodes.router.rows;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** An event of a job, as its watchers get it. */
@Entity
@Table(name = "job_event")
public class JobEventRow {
  @Id public String id = "";

  public String job = "";

  public long sequence;

  public byte[] body = {};
}
