package io.smartnodes.chain;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.epoch.AssetTotals;
import io.smartnodes.protocol.epoch.Slash;
import io.smartnodes.protocol.epoch.Update;
import io.smartnodes.protocol.state.Payout;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.DynamicArray;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.DynamicStruct;
import org.web3j.abi.datatypes.StaticStruct;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.abi.datatypes.generated.Uint8;

/**
 * Calls and constructor arguments as the contracts take them. Signatures are written out, because
 * web3j derives a wrong one for an empty list of structs.
 */
@SuppressWarnings("rawtypes")
final class Abi {
  /** Type of an update in signatures. */
  static final String UPDATE =
      "(uint64,bytes32,bytes32,bytes32,uint64,bytes32,uint64,"
          + "(address,uint256,uint256,uint256,uint256,uint256)[],address[],"
          + "(address,uint256,bytes32)[],bytes32)";

  private Abi() {}

  /** Call data: the selector of the signature and the arguments. */
  static Bytes call(String signature, Type... arguments) {
    return Bytes.fromHex(
        "0x" + selector(signature) + FunctionEncoder.encodeConstructor(List.of(arguments)));
  }

  /** Constructor arguments. */
  static Bytes arguments(Type... arguments) {
    return Bytes.fromHex("0x" + FunctionEncoder.encodeConstructor(List.of(arguments)));
  }

  /** The first four bytes of a signature's hash, in hexadecimal without prefix. */
  static String selector(String signature) {
    return hash(signature).toString().substring(2, 10);
  }

  /** Topic of an event. */
  static Bytes32 hash(String signature) {
    return Keccak.hash(signature.getBytes(StandardCharsets.UTF_8));
  }

  static Type word(Address value) {
    return new org.web3j.abi.datatypes.Address(value.toString());
  }

  static Type word(Amount value) {
    return new Uint256(value.value());
  }

  static Type word(BigInteger value) {
    return new Uint256(value);
  }

  static Type word(long value) {
    return new Uint256(BigInteger.valueOf(value));
  }

  static Type word(Bytes32 value) {
    return new org.web3j.abi.datatypes.generated.Bytes32(value.toArray());
  }

  static Type uint8(int value) {
    return new Uint8(value);
  }

  static Type bytes(Bytes value) {
    return new DynamicBytes(value.toArray());
  }

  static Type addresses(List<Address> values) {
    return list(org.web3j.abi.datatypes.Address.class, values.stream().map(Abi::word).toList());
  }

  static Type amounts(List<Amount> values) {
    return list(Uint256.class, values.stream().map(Abi::word).toList());
  }

  static Type hashes(List<Bytes32> values) {
    return list(
        org.web3j.abi.datatypes.generated.Bytes32.class, values.stream().map(Abi::word).toList());
  }

  static Type structs(List<Type> values) {
    return list(StaticStruct.class, values);
  }

  static Type payout(Payout leaf) {
    return new StaticStruct(
        word(leaf.account()), word(leaf.asset()), word(leaf.payout()), word(leaf.cumulative()));
  }

  static Type update(Update update) {
    return new DynamicStruct(
        word(update.epoch()),
        word(update.previousStateRoot()),
        word(update.stateRoot()),
        word(update.bodyHash()),
        word(update.inboxCount()),
        word(update.inboxHash()),
        word(update.asOf().getEpochSecond()),
        structs(update.totals().stream().map(Abi::totals).toList()),
        addresses(update.ejections()),
        structs(update.slashes().stream().map(Abi::slash).toList()),
        word(update.nextSetHash()));
  }

  private static Type totals(AssetTotals totals) {
    return new StaticStruct(
        word(totals.asset()),
        word(totals.balances()),
        word(totals.payouts()),
        word(totals.heldBack()),
        word(totals.burnt()),
        word(totals.minted()));
  }

  private static Type slash(Slash slash) {
    return new StaticStruct(word(slash.operator()), word(slash.amount()), word(slash.evidenceId()));
  }

  @SuppressWarnings("unchecked")
  private static Type list(Class type, List<Type> values) {
    return new DynamicArray(type, values);
  }

  /** Words of an answer, of log data or of a revert. */
  static final class Words {
    private final byte[] data;

    private Words(byte[] data) {
      this.data = data;
    }

    static Words of(Bytes data) {
      return new Words(data.toArray());
    }

    Bytes32 word(int index) {
      if ((index + 1) * 32 > data.length) {
        throw new ChainFailure("the answer is too short: " + data.length + " bytes");
      }
      return Bytes32.of(Arrays.copyOfRange(data, index * 32, (index + 1) * 32));
    }

    Address address(int index) {
      return Address.fromWord(word(index));
    }

    BigInteger number(int index) {
      return word(index).toNumber();
    }

    Amount amount(int index) {
      return new Amount(number(index));
    }

    long int64(int index) {
      return number(index).longValueExact();
    }

    /** Bytes whose offset stands at an index. */
    Bytes bytes(int index) {
      int at = Math.toIntExact(int64(index));
      int size = Math.toIntExact(int64(at / 32));
      if (at + 32 + size > data.length) {
        throw new ChainFailure("the answer is too short: " + data.length + " bytes");
      }
      return Bytes.of(Arrays.copyOfRange(data, at + 32, at + 32 + size));
    }

    /** A list of addresses whose offset stands at an index. */
    List<Address> addresses(int index) {
      int at = Math.toIntExact(int64(index)) / 32;
      int size = Math.toIntExact(int64(at));
      List<Address> values = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        values.add(address(at + 1 + i));
      }
      return values;
    }
  }
}
