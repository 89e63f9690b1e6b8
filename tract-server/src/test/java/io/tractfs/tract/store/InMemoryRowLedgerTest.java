package io.tractfs.tract.store;

import io.tractfs.tract.store.memory.InMemoryRowLedger;

class InMemoryRowLedgerTest extends RowLedgerContract {
    private final InMemoryRowLedger ledger = new InMemoryRowLedger();

    @Override
    RowLedger ledger() {
        return ledger;
    }

    @Override
    RowLedger reopened() {
        return ledger;
    }
}
