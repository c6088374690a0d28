package io.smartnodes.chain.contracts;

import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.abi.AbiValue;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import java.math.BigInteger;
import java.util.List;

/**
 * What the holders of SNO vote on: calls that the timelock will make. Calls and description
 * together identify it; the same proposal can be made once only.
 *
 * @param calls at least one, none of them a creation
 * @param description why; {@code #proposer=0x…} at its end keeps others from proposing it
 */
public record Proposal(List<ContractCall> calls, String description) {
  /** Copies the list. */
  public Proposal {
    calls = List.copyOf(calls);
    if (calls.isEmpty() || calls.stream().anyMatch(call -> call.to().isEmpty())) {
      throw new IllegalArgumentException("a proposal needs calls of contracts that exist");
    }
  }

  /** Where it stands, in the order of the governor's numbers from 0 on. */
  public enum State {
    PENDING,
    ACTIVE,
    CANCELED,
    DEFEATED,
    SUCCEEDED,
    QUEUED,
    EXPIRED,
    EXECUTED
  }

  /** A vote. */
  public enum Support {
    AGAINST(0),
    FOR(1),
    ABSTAIN(2);

    private final int code;

    Support(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  List<Address> targets() {
    return calls.stream().map(call -> call.to().orElse(Address.ZERO)).toList();
  }

  List<BigInteger> values() {
    return calls.stream().map(call -> call.value().value()).toList();
  }

  List<Bytes> data() {
    return calls.stream().map(ContractCall::data).toList();
  }

  Bytes32 descriptionHash() {
    return Keccak.text(description);
  }

  /** What the governor knows it by. */
  public BigInteger id() {
    return AbiValue.arguments(
            AbiValue.list(targets(), AbiValue::of),
            AbiValue.list(values(), value -> AbiValue.uint(value, 256)),
            AbiValue.list(data(), AbiValue::of),
            AbiValue.of(descriptionHash()))
        .keccak()
        .toNumber();
  }
}
