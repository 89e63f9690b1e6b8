package io.tractfs.metadata.namespace;

import io.tractfs.id.ClusterId;
import io.tractfs.id.Epoch;
import io.tractfs.id.Incarnation;
import io.tractfs.id.Lineage;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.proto.LayoutRecord;
import io.tractfs.metadata.proto.StoreRecord;
import java.nio.ByteBuffer;
import java.util.UUID;

/** Layout, register of stores and history of epochs as stored. Immutable. */
final class ClusterCodec {
    private ClusterCodec() {}

    /** Writes the layout. */
    static LayoutRecord encode(ClusterLayout layout) {
        FileDefaults defaults = layout.defaults();
        return LayoutRecord.newBuilder()
                .setClusterId(Records.bytes(layout.cluster().value()))
                .setRows(layout.rows())
                .setColumns(layout.columns())
                .setTractSize(defaults.tractSize())
                .setReplication(defaults.replication())
                .setBlockSize(defaults.blockSize())
                .setWindow(defaults.window())
                .setSupergroup(layout.supergroup())
                .build();
    }

    /** Reads the layout. */
    static ClusterLayout decode(LayoutRecord record) {
        return new ClusterLayout(
                new ClusterId(Records.uuid(record.getClusterId())),
                record.getRows(),
                record.getColumns(),
                new FileDefaults(
                        record.getTractSize(), record.getReplication(), record.getBlockSize(), record.getWindow()),
                record.getSupergroup());
    }

    /** Reads the stored layout. */
    static ClusterLayout decodeLayout(byte[] bytes) {
        LayoutRecord record = Records.parse(LayoutRecord.parser(), bytes);
        return Records.decode("The cluster's layout", () -> decode(record));
    }

    /** Writes a registration. */
    static byte[] encode(StoreRegistration registration) {
        return StoreRecord.newBuilder()
                .setStore(Records.bytes(registration.store().value()))
                .setIncarnation(registration.incarnation().value())
                .setServer(registration.server())
                .setRemoved(registration.removed())
                .setDraining(registration.draining())
                .setGivenUp(registration.givenUp())
                .setWriteSequence(registration.writeSequence())
                .build()
                .toByteArray();
    }

    /** Reads a registration. */
    static StoreRegistration decodeStore(byte[] bytes) {
        StoreRecord record = Records.parse(StoreRecord.parser(), bytes);
        return Records.decode("A store's registration", () -> decode(record));
    }

    private static StoreRegistration decode(StoreRecord record) {
        return new StoreRegistration(
                new StoreId(Records.uuid(record.getStore())),
                new Incarnation(record.getIncarnation()),
                record.getServer(),
                record.getRemoved(),
                record.getDraining(),
                record.getGivenUp(),
                record.getWriteSequence());
    }

    /** Writes the value of an epoch: lineage and index. */
    static byte[] encode(EpochRecord epoch) {
        UUID lineage = epoch.lineage().value();
        return ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(lineage.getMostSignificantBits())
                .putLong(lineage.getLeastSignificantBits())
                .putLong(epoch.index())
                .array();
    }

    /** Reads an epoch. */
    static EpochRecord decodeEpoch(byte[] key, byte[] value) {
        return Records.decode("An epoch", () -> decode(Keys.toInt(key), ByteBuffer.wrap(value)));
    }

    private static EpochRecord decode(int epoch, ByteBuffer buffer) {
        Lineage lineage = new Lineage(new UUID(buffer.getLong(), buffer.getLong()));
        return new EpochRecord(new Epoch(epoch), lineage, buffer.getLong());
    }
}
