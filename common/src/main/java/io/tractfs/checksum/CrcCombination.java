package io.tractfs.checksum;

/**
 * CRC32C of a whole from the CRCs of its parts, without reading the bytes: {@code crc(AB) = crc(A) · x^(8·|B|) + crc(B)}
 * in the field of polynomials modulo the Castagnoli polynomial. All methods are pure.
 */
public final class CrcCombination {
    /** The Castagnoli polynomial, bits reversed. */
    private static final int POLYNOMIAL = 0x82F63B78;

    /** {@code x^(8·2^i)} for each i. */
    private static final int[] POWERS = new int[32];

    static {
        // x^8 in reversed bits: bit 31 is x^0.
        int power = 1 << (31 - 8);
        for (int i = 0; i < POWERS.length; i++) {
            POWERS[i] = power;
            power = multiply(power, power);
        }
    }

    private CrcCombination() {}

    /**
     * The CRC32C of two runs of bytes, one after the other.
     *
     * @param first plain CRC32C of the first run
     * @param second plain CRC32C of the second run
     * @param secondLength bytes of the second run
     */
    public static int combine(int first, int second, long secondLength) {
        int shifted = first;
        long rest = secondLength;
        for (int i = 0; rest != 0; i = (i + 1) % POWERS.length, rest >>>= 1) {
            if ((rest & 1) != 0) {
                shifted = multiply(shifted, POWERS[i]);
            }
        }
        return shifted ^ second;
    }

    /** The product of two polynomials modulo the Castagnoli polynomial, bits reversed. */
    private static int multiply(int a, int b) {
        int product = 0;
        int term = b;
        for (int bits = a; bits != 0; bits <<= 1) {
            if (bits < 0) {
                product ^= term;
            }
            term = (term >>> 1) ^ ((term & 1) == 0 ? 0 : POLYNOMIAL);
        }
        return product;
    }
}
