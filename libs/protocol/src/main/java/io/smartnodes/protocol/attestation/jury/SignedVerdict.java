package io.smartnodes.protocol.attestation.jury;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.protocol.body.MemberVerdict;
import java.util.List;

/** A verdict with the member that signed it. */
public record SignedVerdict(Address operator, Verdict verdict, Bytes signature) {
  /** As certificates carry it; sample epoch and traces are empty until secrets are registered. */
  public MemberVerdict toMember() {
    return new MemberVerdict(operator, 0, List.of(), signature);
  }
}
