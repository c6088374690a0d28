package io.smartnodes.proposer.set;

/**
 * What the set says of this validator. Without a vote it follows, applies and serves all the same.
 */
public enum Standing {
  /** In the set with our key: proposes and votes. */
  VOTING("proposes and votes"),

  /** Joined, and waits for its place in the set. */
  QUEUED("waits for its place in the set"),

  /** Left, or was taken out of the set. */
  LEFT("left the set, or was taken out of it"),

  /** In the set with another key than ours, because of a rotation. */
  OTHER_KEY("the set names another node key of this operator"),

  /** The state knows no such operator, or has not arrived. */
  UNKNOWN("the state knows no such validator");

  private final String text;

  Standing(String text) {
    this.text = text;
  }

  /** Whether this validator proposes and votes. */
  public boolean votes() {
    return this == VOTING;
  }

  /** A sentence for people. */
  public String text() {
    return text;
  }
}
