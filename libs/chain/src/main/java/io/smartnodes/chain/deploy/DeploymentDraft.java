package io.smartnodes.chain.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;

/**
 * What a deployment must remember from before its first transaction until it is complete, so that
 * it goes on at the same addresses after an interruption; kept beside the deployment file.
 *
 * @param chainId of the chain
 * @param creator the account
 * @param nonce of its first creation
 * @param block the newest block when it began
 * @param time of genesis
 * @param planHash over all constructor arguments
 */
record DeploymentDraft(
    long chainId, Address creator, long nonce, long block, Instant time, Bytes32 planHash) {
  static Path beside(Path file) {
    return file.resolveSibling(file.getFileName() + ".part");
  }

  static DeploymentDraft read(Path file) throws IOException {
    JsonNode root = new ObjectMapper().readTree(file.toFile());
    return new DeploymentDraft(
        root.path("chainId").longValue(),
        Address.fromHex(root.path("creator").asText()),
        root.path("nonce").longValue(),
        root.path("block").longValue(),
        Instant.ofEpochSecond(root.path("time").longValue()),
        Bytes32.fromHex(root.path("planHash").asText()));
  }

  void write(Path file) throws IOException {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("chainId", chainId);
    root.put("creator", creator.toString());
    root.put("nonce", nonce);
    root.put("block", block);
    root.put("time", time.getEpochSecond());
    root.put("planHash", planHash.toString());
    Path whole = Files.createTempFile(file.toAbsolutePath().getParent(), "deployment", ".part");
    Files.writeString(whole, root.toPrettyString() + "\n");
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
