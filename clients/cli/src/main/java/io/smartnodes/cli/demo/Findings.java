package io.smartnodes.cli.demo;

import java.util.List;

/** What the story found before everything was stopped: the parts of the report. */
record Findings(
    Report.JobPart job,
    List<Report.WorkerPart> workers,
    List<Report.CertificatePart> certificates,
    List<Report.EpochPart> epochs,
    List<Report.ClaimPart> claims,
    Report.ConservationPart conservation,
    Report.DetectionPart detection) {}
