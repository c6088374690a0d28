package io.smartnodes.cli.terminal;

import io.smartnodes.protocol.Amount;
import java.math.BigDecimal;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an amount of SNO: coins with up to 18 decimals. */
public final class AmountConverter implements ITypeConverter<Amount> {
  private static final int DECIMALS = 18;

  @Override
  public Amount convert(String text) {
    try {
      return new Amount(new BigDecimal(text).movePointRight(DECIMALS).toBigIntegerExact());
    } catch (ArithmeticException | IllegalArgumentException wrong) {
      throw new TypeConversionException("'" + text + "' is no amount of SNO, such as 1000 or 0.5");
    }
  }
}
