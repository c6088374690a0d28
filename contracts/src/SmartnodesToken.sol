// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {Emission} from "./Emission.sol";
import {ISmartnodesToken} from "./interfaces/ISmartnodesToken.sol";

/// @title SNO, the token of Smartnodes
/// @notice ERC-20 with permits and votes on a clock of seconds. After the allocation at genesis only Core mints, within
/// the emission schedule, and burns.
contract SmartnodesToken is ERC20, ERC20Permit, ERC20Votes, ISmartnodesToken {
    /// @inheritdoc ISmartnodesToken
    address public immutable core;
    /// @inheritdoc ISmartnodesToken
    uint64 public immutable genesis;
    /// @inheritdoc ISmartnodesToken
    uint256 public minted;

    /// @notice Only Core may do this.
    error CallerNotCore(address caller);
    /// @notice Core's address is missing.
    error CoreMissing();
    /// @notice Each holder of the genesis allocation needs an amount.
    error AllocationLengthWrong(uint256 holders, uint256 amounts);
    /// @notice More would have been minted than the schedule allows by now.
    error EmissionExceeded(uint256 minted, uint256 allowed);

    /// @param core_ the address that Core will have
    /// @param genesis_ the start of the emission schedule, in seconds
    /// @param holders who gets the allocation at genesis
    /// @param amounts how much, in wei
    constructor(address core_, uint64 genesis_, address[] memory holders, uint256[] memory amounts)
        ERC20("Smartnodes", "SNO")
        ERC20Permit("Smartnodes")
    {
        if (core_ == address(0)) revert CoreMissing();
        if (holders.length != amounts.length) revert AllocationLengthWrong(holders.length, amounts.length);
        core = core_;
        genesis = genesis_;
        for (uint256 i = 0; i < holders.length; ++i) {
            _mint(holders[i], amounts[i]);
        }
    }

    modifier onlyCore() {
        if (msg.sender != core) revert CallerNotCore(msg.sender);
        _;
    }

    /// @inheritdoc ISmartnodesToken
    /// @dev Core holds its books to the same schedule; this is the second lock. Burning gives no room back.
    function mint(address to, uint256 amount) external onlyCore {
        uint256 total = minted + amount;
        uint256 allowed = block.timestamp < genesis ? 0 : Emission.upTo(uint64(block.timestamp) - genesis);
        if (total > allowed) revert EmissionExceeded(total, allowed);
        minted = total;
        _mint(to, amount);
    }

    /// @inheritdoc ISmartnodesToken
    function burn(uint256 amount) external onlyCore {
        _burn(msg.sender, amount);
    }

    /// @notice To whom an account gave its votes. Core has no way to give its own, so that nothing is looked up for it.
    function delegates(address account) public view override returns (address) {
        return account == core ? address(0) : super.delegates(account);
    }

    /// @notice Votes are counted by seconds, not by blocks.
    function clock() public view override returns (uint48) {
        return Time.timestamp();
    }

    /// @notice Machine-readable name of the clock (ERC-6372).
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @notice The next nonce of an account's permits and delegations.
    function nonces(address owner) public view override(ERC20Permit, IERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
