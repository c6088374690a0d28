package io.smartnodes.protocol.attestation.jury;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.attestation.Replay;
import io.smartnodes.protocol.body.Outcome;
import java.util.List;

/** What may happen to a session. Everything from others is checked before it gets here. */
public sealed interface JuryInput {
  /**
   * The draw block is at confirmation depth.
   *
   * @param remembered verdicts on record, this member's own among them, when a session is resumed
   */
  record DrawBlockConfirmed(
      Jury jury, Bytes32 blockHash, int sampleSize, List<SignedVerdict> remembered)
      implements JuryInput {
    /** Copies the list. */
    public DrawBlockConfirmed {
      remembered = List.copyOf(remembered);
    }
  }

  /** Valid openings of these units are at hand. */
  record OpeningsArrived(List<Long> units) implements JuryInput {
    /** Copies the list. */
    public OpeningsArrived {
      units = List.copyOf(units);
    }
  }

  /** A source gave no valid openings of these units. */
  record OpeningsFailed(List<Long> units, JuryEffect.Source source) implements JuryInput {
    /** Copies the list. */
    public OpeningsFailed {
      units = List.copyOf(units);
    }
  }

  /** This member's own replay of a unit is compared. */
  record Replayed(long unit, Replay.Result result) implements JuryInput {}

  /** The signer signed what this session asked for. */
  record Signed(SignedVerdict verdict) implements JuryInput {}

  /** The signer did not sign; the session asks again. */
  record NotSigned(Verdict verdict) implements JuryInput {}

  /** A verdict of a member, its signature checked. */
  record VerdictReceived(SignedVerdict verdict) implements JuryInput {}

  /** A checked certificate of this receipt is on record, made here or elsewhere. */
  record CertificateKnown(Outcome outcome) implements JuryInput {}

  /** Time has passed. */
  record Tick() implements JuryInput {}
}
