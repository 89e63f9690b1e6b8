package io.tractfs.checksum;

/**
 * Joins CRC32Cs: from the CRC of some bytes, that of the bytes which follow them, and the number of the latter, comes the
 * CRC of both together. To append n bytes multiplies the first CRC by x^(8n) modulo the polynomial; powers of two of x
 * are kept in a table. All methods are pure.
 */
public final class CombinedCrc {
    /** Castagnoli's polynomial with its bits reversed, as CRC32C uses it. */
    private static final int POLYNOMIAL = 0x82F63B78;

    /** The polynomial 1: the highest bit is the lowest power. */
    private static final int ONE = 1 << 31;

    private static final int BITS_PER_BYTE_LOG = 3;

    /** x^(2^i) at i. */
    private static final int[] POWERS = new int[Long.SIZE];

    static {
        POWERS[0] = ONE >>> 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = multiply(POWERS[i - 1], POWERS[i - 1]);
        }
    }

    private CombinedCrc() {}

    /**
     * The CRC32C of two runs of bytes, one after the other.
     *
     * @param first CRC32C of the first run
     * @param second CRC32C of the second run
     * @param secondLength bytes of the second run, at least 0
     */
    public static int of(int first, int second, long secondLength) {
        if (secondLength < 0) {
            throw new IllegalArgumentException("a run of bytes has a length of at least 0, not " + secondLength);
        }
        return multiply(power(secondLength), first) ^ second;
    }

    /** x^(8n). */
    private static int power(long bytes) {
        int product = ONE;
        int bit = BITS_PER_BYTE_LOG;
        for (long rest = bytes; rest != 0; rest >>>= 1) {
            if ((rest & 1) != 0) {
                product = multiply(POWERS[bit], product);
            }
            bit = (bit + 1) % POWERS.length;
        }
        return product;
    }

    private static int multiply(int a, int b) {
        int product = 0;
        int shifted = b;
        for (int mask = ONE; mask != 0; mask >>>= 1) {
            if ((a & mask) != 0) {
                product ^= shifted;
            }
            shifted = (shifted & 1) == 0 ? shifted >>> 1 : (shifted >>> 1) ^ POLYNOMIAL;
        }
        return product;
    }
}
