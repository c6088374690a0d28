package io.smartnodes.chain;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.state.Genesis;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.web3j.abi.datatypes.StaticStruct;
import org.web3j.abi.datatypes.Type;
import org.web3j.crypto.ContractUtils;

/** The transactions that create the three contracts; each knows the addresses of the others. */
@SuppressWarnings("rawtypes")
public final class ContractCreation {
  private ContractCreation() {}

  /** The address of the contract that an account creates with a nonce. */
  public static Address address(Address creator, long nonce) {
    return Address.fromHex(
        ContractUtils.generateContractAddress(creator.toString(), BigInteger.valueOf(nonce)));
  }

  /** Creates SNO with its allocation at genesis. */
  public static ContractCall token(Address core, Map<Address, Amount> allocation) {
    List<Address> holders = List.copyOf(allocation.keySet());
    return creation(
        ContractArtifact.TOKEN,
        Abi.word(core),
        Abi.addresses(holders),
        Abi.amounts(
            holders.stream().map(holder -> allocation.getOrDefault(holder, Amount.ZERO)).toList()));
  }

  /** Creates Core; assets are the ERC-20s accepted beside SNO. */
  public static ContractCall core(
      Address token, Address multisig, Genesis genesis, Bytes32 root, List<Address> assets) {
    return creation(
        ContractArtifact.CORE,
        Abi.word(token),
        Abi.word(multisig),
        Abi.word(genesis.time().getEpochSecond()),
        Abi.word(root),
        Abi.addresses(assets));
  }

  /** Creates the multisig with the founders of the genesis and the stake of each. */
  public static ContractCall multisig(
      Address core,
      Address token,
      Genesis genesis,
      List<Amount> stakes,
      long epochSeconds,
      long roundSeconds) {
    List<Type> founders =
        IntStream.range(0, genesis.founders().size())
            .mapToObj(i -> founder(genesis.founders().get(i), stakes.get(i)))
            .toList();
    return creation(
        ContractArtifact.MULTISIG,
        Abi.word(core),
        Abi.word(token),
        Abi.structs(founders),
        Abi.word(epochSeconds),
        Abi.word(roundSeconds),
        Abi.word(genesis.seed()));
  }

  private static Type founder(Genesis.Founder founder, Amount stake) {
    byte[] key = founder.publicKey().bytes().toArray();
    return new StaticStruct(
        Abi.word(founder.operator()),
        Abi.word(Bytes32.of(Arrays.copyOf(key, 32))),
        Abi.word(Bytes32.of(Arrays.copyOfRange(key, 32, 64))),
        Abi.word(founder.payout()),
        Abi.word(stake));
  }

  private static ContractCall creation(ContractArtifact artifact, Type... arguments) {
    byte[] code = artifact.creationCode().toArray();
    byte[] tail = Abi.arguments(arguments).toArray();
    return new ContractCall(
        Optional.empty(),
        Amount.ZERO,
        Bytes.of(ByteBuffer.allocate(code.length + tail.length).put(code).put(tail).array()));
  }
}
