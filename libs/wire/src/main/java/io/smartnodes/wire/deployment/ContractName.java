package io.smartnodes.wire.deployment;

/** The contracts of a deployment, in the order in which they are created. */
public enum ContractName {
  VERIFIER("verifier", "EcdsaVoteVerifier"),
  TOKEN("token", "SmartnodesToken"),
  CORE("core", "SmartnodesCore"),
  MULTISIG("multisig", "SmartnodesMultisig"),
  TIMELOCK("timelock", "SmartnodesTimelock"),
  GOVERNOR("governor", "SmartnodesGovernor"),
  ACCESS("access", "SmartnodesAccess");

  private final String key;
  private final String source;

  ContractName(String key, String source) {
    this.key = key;
    this.source = source;
  }

  /** Its name in {@code deployment.json}. */
  public String key() {
    return key;
  }

  /** Its name in the sources. */
  public String source() {
    return source;
  }
}
