package io.smartnodes.protocol.attestation.jury;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.body.MemberSignature;
import io.smartnodes.protocol.body.SignedReceipt;
import java.util.List;

/**
 * What a validator is called to judge, checked before.
 *
 * @param acks by a quorum of the job's witnesses
 * @param self this validator's operator
 * @param secret from which its sample follows; drawn before the draw block is known
 */
public record JuryCase(
    SignedReceipt receipt, List<MemberSignature> acks, Address self, Bytes32 secret) {
  /** Copies the list. */
  public JuryCase {
    acks = List.copyOf(acks);
  }

  /** The id of the receipt. */
  public Bytes32 receiptHash() {
    return receipt.receipt().hashStruct();
  }
}
