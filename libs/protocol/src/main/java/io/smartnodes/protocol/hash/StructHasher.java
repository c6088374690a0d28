package io.smartnodes.protocol.hash;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.PeerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Builds {@code hashStruct} field by field, in the order of the type (EIP-712, section "Definition
 * of encodeData").
 */
public final class StructHasher {
  private final List<Bytes32> words = new ArrayList<>();

  private StructHasher(Bytes32 typeHash) {
    words.add(typeHash);
  }

  /** The hashed type of a struct. */
  public record Type(Bytes32 typeHash) {
    /** Starts the hash of one value. */
    public StructHasher hasher() {
      return new StructHasher(typeHash);
    }
  }

  /** The type of an encoded type string (EIP-712). */
  public static Type type(String encodedType) {
    return new Type(Keccak.text(encodedType));
  }

  /** Adds a {@code bytes32}. */
  public StructHasher bytes32(Bytes32 value) {
    words.add(value);
    return this;
  }

  /** Adds a peer id, a {@code bytes32}. */
  public StructHasher peer(PeerId value) {
    return bytes32(value.value());
  }

  /** Adds an {@code address}. */
  public StructHasher address(Address value) {
    return bytes32(value.toWord());
  }

  /** Adds a {@code uint256}. */
  public StructHasher uint256(Amount value) {
    return bytes32(Bytes32.ofNumber(value.value()));
  }

  /** Adds a {@code uint64}. */
  public StructHasher uint64(long value) {
    return bytes32(Bytes32.ofNumber(value));
  }

  /** Adds a {@code uint32}. */
  public StructHasher uint32(int value) {
    return bytes32(Bytes32.ofNumber(value));
  }

  /** Adds a {@code uint8}. */
  public StructHasher uint8(int value) {
    return bytes32(Bytes32.ofNumber(value));
  }

  /** Adds a time, a {@code uint64} of Unix seconds. */
  public StructHasher time(Instant value) {
    return uint64(value.getEpochSecond());
  }

  /** Adds fuel, a {@code uint64}. */
  public StructHasher fuel(Fuel value) {
    return uint64(value.value());
  }

  /** Adds {@code bytes} by their hash. */
  public StructHasher bytes(Bytes value) {
    return bytes32(value.keccak());
  }

  /** Adds a {@code string} by the hash of its UTF-8. */
  public StructHasher string(String value) {
    return bytes32(Keccak.text(value));
  }

  /** Adds a struct by its {@code hashStruct}. */
  public StructHasher struct(Struct value) {
    return bytes32(value.hashStruct());
  }

  /** Adds an array of structs by the hash of their hashes. */
  public StructHasher structs(List<? extends Struct> values) {
    return array(values, Struct::hashStruct);
  }

  /** Adds a {@code bytes32[]}. */
  public StructHasher bytes32s(List<Bytes32> values) {
    return array(values, Function.identity());
  }

  /** Adds an {@code address[]}. */
  public StructHasher addresses(List<Address> values) {
    return array(values, Address::toWord);
  }

  /** Adds a {@code uint256[]}. */
  public StructHasher uint256s(List<Amount> values) {
    return array(values, value -> Bytes32.ofNumber(value.value()));
  }

  /** Adds a {@code string[]}. */
  public StructHasher strings(List<String> values) {
    return array(values, Keccak::text);
  }

  /** The hash of the type and all fields. */
  public Bytes32 hash() {
    return Keccak.words(words.toArray(Bytes32[]::new));
  }

  private <T> StructHasher array(List<T> values, Function<T, Bytes32> word) {
    return bytes32(Keccak.words(values.stream().map(word).toArray(Bytes32[]::new)));
  }
}
