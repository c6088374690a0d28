package io.smartnodes.protocol.dht;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.peer.NodeRecord;
import io.smartnodes.protocol.peer.WorkerOffer;
import java.time.Instant;
import java.util.List;

/** A record of the DHT with the key and signature of its author (rule 3.4.1). */
public sealed interface DhtRecord {
  /** Where a node listens. */
  record OfNode(NodeRecord record, PublicKey publicKey, Bytes signature) implements DhtRecord {
    @Override
    public int kind() {
      return 1;
    }

    @Override
    public PeerId author() {
      return record.peerId();
    }

    @Override
    public Address account() {
      return record.account();
    }

    @Override
    public long sequence() {
      return record.sequence();
    }

    @Override
    public Instant expiry() {
      return record.expiry();
    }

    @Override
    public Struct struct() {
      return record;
    }

    @Override
    public List<Bytes32> keys() {
      return List.of(author().value(), keyOf(kind(), author()));
    }
  }

  /** What a worker offers. */
  record OfWorker(WorkerOffer offer, PublicKey publicKey, Bytes signature) implements DhtRecord {
    @Override
    public int kind() {
      return 2;
    }

    @Override
    public PeerId author() {
      return offer.peerId();
    }

    @Override
    public Address account() {
      return offer.account();
    }

    @Override
    public long sequence() {
      return offer.sequence();
    }

    @Override
    public Instant expiry() {
      return offer.expiry();
    }

    @Override
    public Struct struct() {
      return offer;
    }

    @Override
    public List<Bytes32> keys() {
      return List.of(keyOf(kind(), author()));
    }
  }

  /** 1 node record, 2 offer. */
  int kind();

  /** The node that signed it. */
  PeerId author();

  /** The account that the author names as its own. */
  Address account();

  /** Grows with every version. */
  long sequence();

  /** When it ends. */
  Instant expiry();

  /** What is signed. */
  Struct struct();

  /** The author's node key. */
  PublicKey publicKey();

  /** By the node key over {@link #struct()}. */
  Bytes signature();

  /** The keys under which it may be stored; the first is the one under which its author puts it. */
  List<Bytes32> keys();

  /** The identity of this version. */
  default Bytes32 hash() {
    return struct().hashStruct();
  }

  /** The key of an author's record of a kind. */
  static Bytes32 keyOf(int kind, PeerId author) {
    return Keccak.words(Bytes32.ofNumber(kind), author.value());
  }
}
