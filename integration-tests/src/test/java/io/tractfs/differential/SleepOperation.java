package io.tractfs.differential;

/** What the client does that may stop renewing its leases. Immutable. */
sealed interface SleepOperation extends Operation {
    /** Once it has flushed all it renews no more, until others may take its files. */
    record FallAsleep() implements SleepOperation {
        @Override
        public boolean observesBytes() {
            return true;
        }

        @Override
        public String on(World world) throws Exception {
            world.fallAsleep();
            return "asleep";
        }
    }

    /** It renews what is left to it. */
    record Wake() implements SleepOperation {
        @Override
        public boolean observesBytes() {
            return false;
        }

        @Override
        public String on(World world) throws Exception {
            world.wake();
            return "awake";
        }
    }
}
