"""The doors other than the browser's: DICOM node, DICOMweb, watched folder, archives. Rules live behind them."""
