package io.smartnodes.cli.terminal;

import io.smartnodes.crypto.Address;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an address: 0x and 40 hexadecimal digits. */
public final class AddressConverter implements ITypeConverter<Address> {
  @Override
  public Address convert(String text) {
    try {
      return Address.fromHex(text);
    } catch (IllegalArgumentException wrong) {
      throw new TypeConversionException(
          "'" + text + "' is no address: 0x and 40 hexadecimal digits");
    }
  }
}
