package io.smartnodes.protocol.attestation.jury;

import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.body.Certificate;
import java.time.Instant;
import java.util.List;

/** What a session wants done, after its new state is on record. */
public sealed interface JuryEffect {
  /** Where openings come from. */
  enum Source {
    /** The worker itself. */
    WORKER,
    /** The other members: what they hold, or what the worker answers to them. */
    MEMBERS
  }

  /** Fetch and check openings of these units; answered by arrived and failed. */
  record FetchOpenings(List<Long> units, Source source, List<Address> members)
      implements JuryEffect {
    /** Copies the lists. */
    public FetchOpenings {
      units = List.copyOf(units);
      members = List.copyOf(members);
    }
  }

  /** Replay these open units and compare; answered unit by unit. */
  record ReplayUnits(List<Long> units) implements JuryEffect {
    /** Copies the list. */
    public ReplayUnits {
      units = List.copyOf(units);
    }
  }

  /** Have this signed. */
  record Sign(Verdict verdict) implements JuryEffect {}

  /** Bring this own verdict to these members, again and again until each has it. */
  record Broadcast(SignedVerdict verdict, List<Address> members) implements JuryEffect {
    /** Copies the list. */
    public Broadcast {
      members = List.copyOf(members);
    }
  }

  /** Record, publish and spread this certificate. */
  record Certify(Certificate certificate) implements JuryEffect {}

  /** The widest jury has had its time without a certificate; told once, it goes on (5.7). */
  record Overdue(String reason) implements JuryEffect {}

  /** Tick again at this time, at the latest. */
  record WakeAt(Instant time) implements JuryEffect {}
}
