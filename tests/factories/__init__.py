"""What tests are made of: people, studies, DICOM files, clients."""
