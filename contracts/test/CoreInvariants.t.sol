// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SmartnodesCore} from "../src/SmartnodesCore.sol";
import {SmartnodesToken} from "../src/SmartnodesToken.sol";
import {Checks} from "./Checks.sol";
import {CoreActions} from "./CoreActions.sol";

contract CoreInvariantsTest is Checks {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    CoreActions private actions;
    SmartnodesCore private core;

    function setUp() public {
        actions = new CoreActions();
        core = actions.subject();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actions);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        bytes4[] memory selectors = new bytes4[](14);
        selectors[0] = CoreActions.deposit.selector;
        selectors[1] = CoreActions.deposit.selector;
        selectors[2] = CoreActions.releaseSome.selector;
        selectors[3] = CoreActions.advance.selector;
        selectors[4] = CoreActions.advance.selector;
        selectors[5] = CoreActions.advance.selector;
        selectors[6] = CoreActions.claim.selector;
        selectors[7] = CoreActions.settleSupply.selector;
        selectors[8] = CoreActions.loseStake.selector;
        selectors[9] = CoreActions.sleep.selector;
        selectors[10] = CoreActions.pauseSome.selector;
        selectors[11] = CoreActions.escapeAllotment.selector;
        selectors[12] = CoreActions.escapeJob.selector;
        selectors[13] = CoreActions.escapeDeposit.selector;
        targets[0] = FuzzSelector(address(actions), selectors);
    }

    function invariant_coreHoldsExactlyWhatItOwes() public view {
        SmartnodesToken token = actions.sno();
        for (uint256 i = 0; i < actions.N(); ++i) {
            (uint256 received, uint256 claimed, uint256 payouts, uint256 minted, uint256 burnt) =
                core.books(actions.assets(i));
            uint256 held = actions.holding(i);
            if (i == 2) {
                // What the books know and the token does not yet.
                uint256 unsettled = minted - token.minted();
                uint256 burntByToken = actions.supplyAtGenesis() + token.minted() - token.totalSupply();
                held = held + unsettled - (burnt - (burntByToken - actions.staked()));
            }
            same(held, received + minted - burnt - claimed);
            same(held, actions.owed(i));
            holds(claimed <= payouts + core.escapesUnconsumed(actions.assets(i)), "no more was paid than is due");
        }
    }

    function invariant_nobodyIsPaidMoreThanItsOwn() public view {
        for (uint256 i = 0; i < 9; ++i) {
            holds(actions.paid(i / 3, i % 3) <= actions.wealth(i / 3, i % 3), "its own");
        }
    }

    function invariant_theSupplyStaysWithinTheSchedule() public view {
        SmartnodesToken token = actions.sno();
        uint256 allowed = core.emission(uint64(block.timestamp) - core.genesis());
        holds(token.totalSupply() + actions.staked() <= actions.supplyAtGenesis() + allowed, "supply");
        holds(token.minted() <= allowed, "minted");
        (uint256 minted, uint256 burnt) = actions.books();
        (,,, uint256 booked, uint256 gone) = core.books(address(token));
        same(booked, minted);
        same(gone, burnt);
    }

    function invariant_everyItemIsTakenOnceAndInOrder() public view {
        same(core.inboxConsumed(), actions.taken());
        same(core.inboxLength(), actions.lines());
        holds(core.inboxRequired() <= core.inboxLength(), "what must be taken is there");
        holds(core.escapeBarrier() <= core.inboxLength(), "the barrier is an item");
    }

    function invariant_whatEscapedIsAlwaysThereToTake() public view {
        same(actions.uncovered(), 0);
    }

    function invariant_claimsNeverShrink() public view {
        same(actions.shrunk(), 0);
    }

    /// @dev At the end of every run: silence, and everybody gets out what is its own. Whoever has an escape from an
    /// earlier silence that the state has not taken gets the rest when it has.
    function afterInvariant() public {
        actions.everybodyOut();
        for (uint256 i = 0; i < 9; ++i) {
            (uint256 who, uint256 which) = (i / 3, i % 3);
            uint256 own = actions.wealth(who, which);
            if (actions.pending(who, which)) holds(actions.paid(who, which) <= own, "its own");
            else same(actions.paid(who, which), own);
        }
        invariant_coreHoldsExactlyWhatItOwes();
    }
}
