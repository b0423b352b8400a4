"""What may leave a process: errors without other people's text, output without identifiers, names cut short."""

from include.privacy.errors import DoudiError, Place, StepError
from include.privacy.guard import guarded
from include.privacy.logs import MaskingFilter, mask_logging, safe_traceback
from include.privacy.masking import MASK, mask, mask_output, mask_path
from include.privacy.persons import last_four, masked_id, masked_name, masked_phone, partly_shown
from include.privacy.processes import Finished, run_masked

__all__ = [
    "MASK",
    "DoudiError",
    "Finished",
    "MaskingFilter",
    "Place",
    "StepError",
    "guarded",
    "last_four",
    "mask",
    "mask_logging",
    "mask_output",
    "mask_path",
    "masked_id",
    "masked_name",
    "masked_phone",
    "partly_shown",
    "run_masked",
    "safe_traceback",
]
