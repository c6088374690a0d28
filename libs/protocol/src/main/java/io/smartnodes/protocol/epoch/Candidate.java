package io.smartnodes.protocol.epoch;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A proposal of an epoch as one validator knows it.
 *
 * @param digest identifies it
 * @param status how far the check is
 * @param effectiveItems the measure of completeness, once valid
 * @param announcements rounds and proposers, as they came
 * @param triedIn the last round in which the body was asked for
 * @param checkedIn the last round in which it was checked: what the chain accepts may change
 */
public record Candidate(
    Bytes32 digest,
    Status status,
    int effectiveItems,
    Set<Announcement> announcements,
    int triedIn,
    int checkedIn) {
  /** Copies the set, in its order. */
  public Candidate {
    announcements = Collections.unmodifiableSet(new LinkedHashSet<>(announcements));
  }

  /** How far the check of a proposal is. */
  public enum Status {
    /** The body is being fetched. */
    FETCHING,
    /** The body could not be fetched; it is tried again in the next round. */
    MISSING,
    /** The body is being checked. */
    CHECKING,
    /** More of the chain must be confirmed here first. */
    UNDECIDED,
    /** It may be voted for. */
    VALID,
    /** It is invalid for good. */
    REFUSED
  }

  /** A proposer brought it in a round. */
  public record Announcement(int round, Address proposer) {}

  Candidate with(Status next) {
    return new Candidate(digest, next, effectiveItems, announcements, triedIn, checkedIn);
  }

  Candidate checking(int round) {
    return new Candidate(digest, Status.CHECKING, effectiveItems, announcements, triedIn, round);
  }

  Candidate validIn(int round, int items) {
    return new Candidate(digest, Status.VALID, items, announcements, triedIn, round);
  }

  Candidate fetching(int round) {
    return new Candidate(digest, Status.FETCHING, effectiveItems, announcements, round, checkedIn);
  }

  Candidate announced(int round, Address proposer) {
    Set<Announcement> more = new LinkedHashSet<>(announcements);
    more.add(new Announcement(round, proposer));
    return new Candidate(digest, status, effectiveItems, more, triedIn, checkedIn);
  }

  boolean isAnnouncedIn(int round) {
    return announcements.stream().anyMatch(said -> said.round() == round);
  }

  boolean isValid() {
    return status == Status.VALID;
  }

  boolean isPending() {
    return switch (status) {
      case FETCHING, CHECKING, UNDECIDED -> true;
      case MISSING, VALID, REFUSED -> false;
    };
  }
}
