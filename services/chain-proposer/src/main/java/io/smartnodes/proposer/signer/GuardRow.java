package io.smartnodes.proposer.signer;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.signing.Guard;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** What was signed in a place. */
@Entity
@Table(name = "signing_guard")
public class GuardRow {
  /** The place; those of votes sort by epoch and round. */
  @Id public String id = "";

  /** What was signed there. */
  public byte[] digest = {};

  /** The number that the rule compares. */
  public long detail;

  /** For Hibernate. */
  public GuardRow() {}

  GuardRow(String place, Guard.Entry entry) {
    id = place;
    set(entry);
  }

  final void set(Guard.Entry entry) {
    digest = entry.digest().toArray();
    detail = entry.detail();
  }

  Guard.Entry entry() {
    return new Guard.Entry(Bytes32.of(digest), detail);
  }
}
