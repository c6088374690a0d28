package io.smartnodes.chain.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartnodes.chain.ContractCall;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.protocol.Amount;
import io.smartnodes.wire.deployment.ContractName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the compiler made of a contract.
 *
 * @param creation code that creates it, without arguments
 * @param runtime its code, with zeros where the constructor writes immutable values
 * @param immutables where those stand in the code
 */
record ContractArtifact(Bytes creation, Bytes runtime, List<Place> immutables) {
  /** Some bytes of the code. */
  record Place(int start, int length) {}

  static ContractArtifact of(ContractName name) {
    String resource = "/io/smartnodes/chain/contracts/%1$s.sol/%1$s.json".formatted(name.source());
    try (InputStream in = ContractArtifact.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(name.source() + " is not on the class path");
      }
      JsonNode root = new ObjectMapper().readTree(in);
      JsonNode runtime = root.path("deployedBytecode");
      List<Place> immutables = new ArrayList<>();
      for (JsonNode places : runtime.path("immutableReferences")) {
        places.forEach(place ->
            immutables.add(new Place(place.path("start").asInt(), place.path("length").asInt())));
      }
      return new ContractArtifact(
          Bytes.fromHex(root.path("bytecode").path("object").asText()),
          Bytes.fromHex(runtime.path("object").asText()),
          immutables);
    } catch (IOException e) {
      throw new UncheckedIOException(name.source() + " cannot be read", e);
    }
  }

  /** The transaction that creates it. */
  ContractCall creation(Bytes arguments) {
    byte[] code = creation.toArray();
    byte[] tail = arguments.toArray();
    return new ContractCall(
        Optional.empty(),
        Amount.ZERO,
        Bytes.of(ByteBuffer.allocate(code.length + tail.length).put(code).put(tail).array()));
  }

  /** Whether some code is this contract, whatever its constructor was given. */
  boolean matches(Bytes code) {
    if (code.size() != runtime.size()) {
      return false;
    }
    byte[] masked = code.toArray();
    for (Place place : immutables) {
      Arrays.fill(masked, place.start(), place.start() + place.length(), (byte) 0);
    }
    return Bytes.of(masked).equals(runtime);
  }
}
