package io.smartnodes.proposer.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The open transaction of an account. */
@Entity
@Table(name = "open_transaction")
public class TransactionRow {
  @Id
  @Column(name = "account")
  String account = "";

  @Column(name = "nonce")
  long nonce;

  @Column(name = "hash")
  String hash = "";

  @Column(name = "signed")
  String signed = "";
}
