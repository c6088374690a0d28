package io.smartnodes.sdk;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.merkle.InputsTree;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * A job before it is submitted: a module and one input per unit.
 *
 * @param spec what the user signs
 * @param module the program
 * @param inputs of the units, in order
 * @param tree over the inputs
 */
public record JobPlan(JobSpec spec, Bytes module, List<Bytes> inputs, InputsTree tree) {
  /** The id of the built-in network of WASI command modules. */
  public static final Bytes32 WASM = Keccak.text("wasm");

  private static final long FUEL_PER_UNIT = 1;

  /** Copies the list. */
  public JobPlan {
    inputs = List.copyOf(inputs);
  }

  /**
   * Plans a job of the built-in network.
   *
   * @param user whose deposit pays
   * @param home the validator that coordinates and holds the money
   * @param maxPrice of all units
   * @param nonce makes equal jobs distinct
   */
  public static JobPlan wasm(
      Address user,
      Address home,
      Address asset,
      Amount maxPrice,
      Instant deadline,
      long nonce,
      Bytes module,
      List<Bytes> inputs) {
    InputsTree tree = InputsTree.of(inputs.stream().map(Bytes::keccak).toList());
    JobSpec spec =
        new JobSpec(
            user,
            home,
            WASM,
            module.keccak(),
            inputs.size(),
            tree.root(),
            new Fuel(FUEL_PER_UNIT),
            maxPrice,
            asset,
            deadline.truncatedTo(ChronoUnit.SECONDS),
            nonce);
    return new JobPlan(spec, module, inputs, tree);
  }

  /** The id of the job. */
  public Bytes32 jobId() {
    return spec.hashStruct();
  }
}
