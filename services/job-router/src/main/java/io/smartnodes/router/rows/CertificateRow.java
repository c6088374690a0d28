package io.smartnodes.router.rows;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A certificate of any job. */
@Entity
@Table(name = "certificate")
public class CertificateRow {
  @Id public String id = "";

  @Column(name = "receipt_hash")
  public String receiptHash = "";

  public String job = "";

  public String worker = "";

  public int outcome;

  public byte[] body = {};
}
