package io.smartnodes.chain.contracts;

import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.abi.TokenAbi;
import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.Amount;

/** SmartnodesToken, and what every asset has in common with it. Asset zero is the native coin. */
public final class TokenCalls {
  private final Contract contract;

  TokenCalls(Contract contract) {
    this.contract = contract;
  }

  /** The address of SNO, which names it as an asset. */
  public Address address() {
    return contract.address();
  }

  /** Lets a spender draw SNO: Core for deposits, the multisig for stake. */
  public ContractCall approve(Address spender, Amount amount) {
    return approve(address(), spender, amount);
  }

  /** Lets a spender draw an ERC-20. */
  public ContractCall approve(Address asset, Address spender, Amount amount) {
    return ContractCall.of(asset, TokenAbi.approve(spender, amount.value()));
  }

  /** Moves SNO. */
  public ContractCall transfer(Address to, Amount amount) {
    return transfer(address(), to, amount);
  }

  /** Moves an asset, or the native coin. */
  public ContractCall transfer(Address asset, Address to, Amount amount) {
    return asset.isZero()
        ? ContractCall.transfer(to, amount)
        : ContractCall.of(asset, TokenAbi.transfer(to, amount.value()));
  }

  /** Lets an account vote with the sender's SNO; to oneself: vote oneself. */
  public ContractCall delegate(Address to) {
    return contract.call(TokenAbi.delegate(to));
  }

  /** The balance of an account in SNO. */
  public Amount balanceOf(Address account) {
    return balanceOf(address(), account);
  }

  /** The balance of an account, of the native coin for asset zero. */
  public Amount balanceOf(Address asset, Address account) {
    ChainClient client = contract.client();
    return asset.isZero()
        ? client.balance(account)
        : new Amount(new Contract(client, asset).ask(TokenAbi.balanceOf(account)));
  }

  /** What a spender may still draw of an account's SNO. */
  public Amount allowance(Address account, Address spender) {
    return new Amount(contract.ask(TokenAbi.allowance(account, spender)));
  }

  /** What was delegated to an account. */
  public Amount votesOf(Address account) {
    return new Amount(contract.ask(TokenAbi.getVotes(account)));
  }

  /** All SNO. */
  public Amount totalSupply() {
    return new Amount(contract.ask(TokenAbi.totalSupply()));
  }

  /** SNO minted after genesis. */
  public Amount minted() {
    return new Amount(contract.ask(TokenAbi.minted()));
  }
}
