// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EcdsaVoteVerifier} from "../src/EcdsaVoteVerifier.sol";
import {MultisigTerms} from "../src/multisig/Terms.sol";
import {SmartnodesAccess} from "../src/SmartnodesAccess.sol";
import {SmartnodesCore} from "../src/SmartnodesCore.sol";
import {GovernorTerms, SmartnodesGovernor} from "../src/SmartnodesGovernor.sol";
import {SmartnodesMultisig} from "../src/SmartnodesMultisig.sol";
import {SmartnodesTimelock} from "../src/SmartnodesTimelock.sol";
import {SmartnodesToken} from "../src/SmartnodesToken.sol";
import {AssetTerms, Founder} from "../src/Structs.sol";

/// @title The cheat codes of forge that a script uses
interface ScriptVm {
    function computeCreateAddress(address deployer, uint256 nonce) external pure returns (address);
    function envString(string calldata name) external view returns (string memory);
    function getNonce(address account) external view returns (uint64);
    function parseJsonAddress(string calldata json, string calldata key) external pure returns (address);
    function parseJsonAddressArray(string calldata json, string calldata key) external pure returns (address[] memory);
    function parseJsonBytes32(string calldata json, string calldata key) external pure returns (bytes32);
    function parseJsonBytes32Array(string calldata json, string calldata key) external pure returns (bytes32[] memory);
    function parseJsonUint(string calldata json, string calldata key) external pure returns (uint256);
    function parseJsonUintArray(string calldata json, string calldata key) external pure returns (uint256[] memory);
    function startBroadcast() external;
    function stopBroadcast() external;
}

/// @title Creates the contracts in the order of the deployer, at the same addresses
/// @notice A second way to the same contracts, with nothing in common with the deployer but the inputs: the JSON that
/// `smartnodes contracts plan` prints, in the environment variable SMARTNODES_PLAN. The broadcasting account must send
/// nothing else meanwhile. It neither resumes nor stakes; use `smartnodes contracts deploy` for that.
contract Deploy {
    ScriptVm private constant vm = ScriptVm(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// @notice A contract stands elsewhere than the others were told.
    error AddressUnexpected(address actual, address expected);

    string private _plan;
    address private _deployer;
    uint256 private _first;

    /// @notice Creates all seven contracts.
    function run() external {
        _plan = vm.envString("SMARTNODES_PLAN");
        _deployer = msg.sender;
        _first = vm.getNonce(_deployer);
        vm.startBroadcast();
        _expect(address(new EcdsaVoteVerifier()), 0);
        _expect(_token(), 1);
        _expect(_core(), 2);
        _expect(_multisig(), 3);
        _expect(address(new SmartnodesTimelock(_uint(".timelockDelay"), _at(5))), 4);
        _expect(_governor(), 5);
        _expect(address(new SmartnodesAccess(_at(4), _at(2), vm.parseJsonAddress(_plan, ".guardian"))), 6);
        vm.stopBroadcast();
    }

    function _token() private returns (address) {
        address[] memory holders = vm.parseJsonAddressArray(_plan, ".holders");
        uint256[] memory amounts = vm.parseJsonUintArray(_plan, ".amounts");
        return address(new SmartnodesToken(_at(2), uint64(_uint(".genesis")), holders, amounts));
    }

    function _core() private returns (address) {
        address[] memory assets = vm.parseJsonAddressArray(_plan, ".assets");
        uint256[] memory rates = vm.parseJsonUintArray(_plan, ".rates");
        AssetTerms[] memory terms = new AssetTerms[](assets.length);
        for (uint256 i = 0; i < assets.length; ++i) {
            terms[i] = AssetTerms({asset: assets[i], rate: rates[i]});
        }
        bytes32 root = vm.parseJsonBytes32(_plan, ".genesisRoot");
        uint64 genesis = uint64(_uint(".genesis"));
        return address(new SmartnodesCore(SmartnodesToken(_at(1)), _at(3), _at(6), genesis, root, terms));
    }

    function _multisig() private returns (address) {
        MultisigTerms memory terms = MultisigTerms({
            epochLength: uint32(_uint(".epochLength")),
            roundLength: uint32(_uint(".roundLength")),
            joinPeriod: uint32(_uint(".joinPeriod")),
            exitNotice: uint32(_uint(".exitNotice")),
            unbonding: uint32(_uint(".unbonding")),
            minimumStake: _uint(".minimumStake")
        });
        return address(
            new SmartnodesMultisig(
                SmartnodesCore(_at(2)),
                SmartnodesToken(_at(1)),
                _at(6),
                EcdsaVoteVerifier(_at(0)),
                _founders(),
                terms,
                vm.parseJsonBytes32(_plan, ".seed")
            )
        );
    }

    function _founders() private view returns (Founder[] memory founders) {
        address[] memory operators = vm.parseJsonAddressArray(_plan, ".operators");
        address[] memory payouts = vm.parseJsonAddressArray(_plan, ".payouts");
        bytes32[] memory xs = vm.parseJsonBytes32Array(_plan, ".nodeKeysX");
        bytes32[] memory ys = vm.parseJsonBytes32Array(_plan, ".nodeKeysY");
        uint256[] memory stakes = vm.parseJsonUintArray(_plan, ".stakes");
        founders = new Founder[](operators.length);
        for (uint256 i = 0; i < operators.length; ++i) {
            founders[i] = Founder(operators[i], xs[i], ys[i], payouts[i], stakes[i]);
        }
    }

    function _governor() private returns (address) {
        GovernorTerms memory terms = GovernorTerms({
            votingDelay: uint48(_uint(".votingDelay")),
            votingPeriod: uint32(_uint(".votingPeriod")),
            proposalThreshold: _uint(".proposalThreshold"),
            quorumPercent: _uint(".quorumPercent")
        });
        return address(new SmartnodesGovernor(SmartnodesToken(_at(1)), SmartnodesTimelock(payable(_at(4))), terms));
    }

    function _uint(string memory key) private view returns (uint256) {
        return vm.parseJsonUint(_plan, key);
    }

    function _at(uint256 step) private view returns (address) {
        return vm.computeCreateAddress(_deployer, _first + step);
    }

    function _expect(address actual, uint256 step) private view {
        if (actual != _at(step)) revert AddressUnexpected(actual, _at(step));
    }
}
