package io.smartnodes.registry;

import io.smartnodes.protocol.dht.DhtRecord;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The standing record of an author and kind. */
@Entity
@Table(name = "dht_record")
@IdClass(RecordRow.Key.class)
public class RecordRow {
  /** Peer id. */
  @Id public byte[] author = {};

  /** 1 node record, 2 offer. */
  @Id public int kind;

  /** Of the author and kind. */
  public byte[] key = {};

  /** The version. */
  public long sequence;

  /** {@code hashStruct}. */
  public byte[] hash = {};

  /** When it ends. */
  public Instant expiry = Instant.EPOCH;

  /** When it was last stored by its author or republished by anyone. */
  @Column(name = "refreshed_at")
  public Instant refreshedAt = Instant.EPOCH;

  /** The message. */
  public byte[] payload = {};

  /** For Hibernate. */
  public RecordRow() {}

  /** Takes over what a record says. */
  void set(DhtRecord record, Instant now) {
    author = record.author().value().toArray();
    kind = record.kind();
    key = DhtRecord.keyOf(record.kind(), record.author()).toArray();
    sequence = record.sequence();
    hash = record.hash().toArray();
    expiry = record.expiry();
    refreshedAt = now;
    payload = Records.toProto(record).toByteArray();
  }

  /** Identity of a row. */
  public static class Key implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Peer id. */
    public byte[] author = {};

    /** Kind of record. */
    public int kind;

    /** For Hibernate. */
    public Key() {}

    Key(byte[] author, int kind) {
      this.author = author;
      this.kind = kind;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key that && Arrays.equals(author, that.author) && kind == that.kind;
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(author) + kind;
    }
  }
}
