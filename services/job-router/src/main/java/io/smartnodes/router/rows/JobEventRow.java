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

  /** An event to be stored. */
  public static JobEventRow of(String job, long sequence, byte[] body) {
    JobEventRow row = new JobEventRow();
    row.id = job + ":" + sequence;
    row.job = job;
    row.sequence = sequence;
    row.body = body;
    return row;
  }
}
