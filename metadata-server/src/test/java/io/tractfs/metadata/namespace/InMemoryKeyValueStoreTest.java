package io.tractfs.metadata.namespace;

class InMemoryKeyValueStoreTest extends AbstractKeyValueStoreTest {
    @Override
    protected KeyValueStore create() {
        return new InMemoryKeyValueStore();
    }
}
