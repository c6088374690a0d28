package io.smartnodes.cli.governance;

import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.contracts.MultisigCalls;
import io.smartnodes.chain.contracts.Proposal;
import io.smartnodes.chain.contracts.SmartnodesContracts;
import io.smartnodes.cli.terminal.UsageProblem;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.protocol.Amount;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes proposals: changes by name, or raw calls, one after the other. */
public final class Drafting {
  private final SmartnodesContracts contracts;
  private final List<ContractCall> calls = new ArrayList<>();
  private final List<String> words = new ArrayList<>();

  /** An empty proposal about a deployment. */
  public Drafting(SmartnodesContracts contracts) {
    this.contracts = contracts;
  }

  /** Changes settings, by name and value. */
  public Drafting set(Map<String, String> changes) {
    Map<Setting, BigInteger> values = new EnumMap<>(Setting.class);
    changes.forEach((name, value) -> {
      Setting setting = Setting.named(name);
      values.put(setting, setting.parse(value));
    });
    lengths(values.get(Setting.EPOCH_LENGTH), values.get(Setting.ROUND_LENGTH));
    values.forEach((setting, value) -> {
      if (!setting.isLength()) {
        add(
            setting.call(contracts.governed(), value),
            setting.text() + " = " + value + " (" + setting.unit() + ")");
      }
    });
    return this;
  }

  /** Both lengths change in one call, so that the one always fits the other. */
  private void lengths(@Nullable BigInteger epoch, @Nullable BigInteger round) {
    if (epoch == null && round == null) {
      return;
    }
    MultisigCalls multisig = contracts.multisig();
    Duration newEpoch =
        epoch == null ? multisig.epochLength() : Duration.ofSeconds(epoch.longValueExact());
    Duration newRound =
        round == null ? multisig.roundLength() : Duration.ofSeconds(round.longValueExact());
    if (newRound.compareTo(newEpoch) >= 0) {
      throw new UsageProblem("roundLength must be less than epochLength");
    }
    add(
        contracts.governed().setLengths(newEpoch, newRound),
        "epochLength = "
            + newEpoch.toSeconds()
            + " (seconds), roundLength = "
            + newRound.toSeconds()
            + " (seconds)");
  }

  /** Stops executions and deposits for a while. */
  public Drafting pause(Duration length) {
    return add(contracts.core().pause(length), "pause for " + length.toSeconds() + " seconds");
  }

  /** Ends a pause. */
  public Drafting unpause() {
    return add(contracts.core().unpause(), "end the pause");
  }

  /** Accepts deposits of an asset; rate in SNO wei per 10^18 of its smallest units. */
  public Drafting approveAsset(Address asset, Amount rate) {
    return add(contracts.governed().approveAsset(asset, rate), "approve " + asset + " at " + rate);
  }

  /** Takes no more deposits of an asset. */
  public Drafting disapproveAsset(Address asset) {
    return add(contracts.governed().disapproveAsset(asset), "disapprove " + asset);
  }

  /** Any call. */
  public Drafting call(Address target, Bytes data) {
    return add(
        new ContractCall(Optional.of(target), Amount.ZERO, data),
        "call " + target + " with " + data);
  }

  /**
   * The proposal.
   *
   * @param description blank for one that is made of the changes
   */
  public Proposal finish(String description) {
    return new Proposal(calls, description.isBlank() ? String.join("; ", words) : description);
  }

  private Drafting add(ContractCall call, String what) {
    calls.add(call);
    words.add(what);
    return this;
  }
}
