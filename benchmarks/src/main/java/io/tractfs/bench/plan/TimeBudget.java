package io.tractfs.bench.plan;

import java.util.List;
import java.util.function.LongSupplier;

/**
 * Shortens the rounds when the run would take longer than it may: what is left is shared by the cases that are left,
 * after what they took beside their rounds so far. Confined to the conductor's thread.
 */
public final class TimeBudget {
    private static final double LEAST_PART = 0.15;
    private static final double NANOS = 1e9;

    private final Preset preset;
    private final int sides;
    private final LongSupplier nanoClock;
    private final long startedNanos;
    private double weightLeft;
    private double weightDone;
    private double overheadSeconds;
    private long caseStartedNanos;
    private double part = 1;

    /** The budget of a run that begins now. */
    public TimeBudget(Preset preset, List<Case> cases, int sides, LongSupplier nanoClock) {
        this.preset = preset;
        this.sides = sides;
        this.nanoClock = nanoClock;
        this.startedNanos = nanoClock.getAsLong();
        this.weightLeft = cases.stream().mapToDouble(Case::weight).sum();
    }

    /** Begins a case; returns the part of the preset's times, at most 1, that its rounds may take. */
    public double begin(Case one) {
        caseStartedNanos = nanoClock.getAsLong();
        double left = preset.limitSeconds() - (caseStartedNanos - startedNanos) / NANOS;
        double overhead = weightDone == 0 ? 0 : overheadSeconds / weightDone * weightLeft;
        double wanted = seconds(1) * weightLeft;
        part = Math.max(LEAST_PART, Math.min(1, (left - overhead) / Math.max(wanted, 1e-3)));
        return part;
    }

    /** Ends the case that was begun last. */
    public void end(Case one) {
        double took = (nanoClock.getAsLong() - caseStartedNanos) / NANOS;
        overheadSeconds += Math.max(0, took - seconds(part) * one.weight());
        weightDone += one.weight();
        weightLeft -= one.weight();
    }

    private double seconds(double partOfPreset) {
        return partOfPreset * sides * (preset.warmMillis() + preset.rounds() * preset.roundMillis()) / 1e3;
    }
}
