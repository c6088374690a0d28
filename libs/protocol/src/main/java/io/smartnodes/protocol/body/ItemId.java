package io.smartnodes.protocol.body;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;

/** Names one item of an epoch in reasons: its kind and its hash. */
public record ItemId(Kind kind, Bytes32 hash) {
  /** The lists of a body, and the inbox. */
  public enum Kind {
    INBOX("inbox item"),
    REGISTRATION("registration"),
    ALLOT("allot"),
    RELEASE("release"),
    HOLD("hold"),
    RECEIPT("receipt"),
    CERTIFICATE("certificate"),
    EVIDENCE("evidence"),
    VOTE("vote");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** As people read it. */
    public String word() {
      return word;
    }
  }

  /** Names an item. */
  public static ItemId of(Kind kind, Struct item) {
    return new ItemId(kind, item.hashStruct());
  }

  @Override
  public String toString() {
    return kind.word() + " " + hash;
  }
}
